"""Questions and answers, and the notices that tell people what happened."""
