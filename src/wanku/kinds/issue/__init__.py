"""Codes that are issued when paid: software licences, vouchers."""
