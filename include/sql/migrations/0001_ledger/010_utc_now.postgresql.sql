-- The ledger's clock is the database's: leases of several machines are compared by it.
CREATE FUNCTION utc_after(seconds double precision) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT to_char((clock_timestamp() + make_interval(secs => seconds)) AT TIME ZONE 'UTC',
                   'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$
