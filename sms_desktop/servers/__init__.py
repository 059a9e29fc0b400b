"""The relay and the sandbox gateway, as processes of their own. Started by cli, and by nothing else."""
