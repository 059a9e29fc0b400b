"""Finding messages: the field in the bar, and the page of what was found."""
