"""What buyers and their programs do with licences: see the codes, activate them on devices."""
