"""What is booked and not sent: accept, keep the promise, move it, call it off; and what its clocks do."""
