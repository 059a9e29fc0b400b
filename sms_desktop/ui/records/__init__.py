"""What is kept of people and messages: contacts, exports, forgetting."""
