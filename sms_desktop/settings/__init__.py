"""This machine: where files live, which profiles exist, and the secrets in the keyring."""
