"""Templates and named requests: the popup over the compose row, the request's preview, and curl taken in."""
