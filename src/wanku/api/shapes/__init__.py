"""What the API takes and answers, with units; the OpenAPI document is made from these."""
