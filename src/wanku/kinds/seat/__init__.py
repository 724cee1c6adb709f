"""Places on departures: flights, trains, guided tours."""
