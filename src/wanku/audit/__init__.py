"""What happened, who did it and why; and the rules in force, each change a row."""
