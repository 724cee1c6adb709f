"""What a merchant offers besides parcels: rooms, departures, services, menus, plans and codes."""
