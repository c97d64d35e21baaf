"""What the commands share: their options, the lines that they print, and how they speak with a person at a keyboard."""
