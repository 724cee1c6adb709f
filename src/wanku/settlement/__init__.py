"""What merchants are owed and paid: settlements, payouts, the accounts they go to."""
