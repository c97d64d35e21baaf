"""Parts that the commands share: options, printed lines, and questions at the keyboard."""
