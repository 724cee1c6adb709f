"""Messages to people about their orders and desks, in-app and by e-mail, once each."""
