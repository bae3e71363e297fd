SELECT to_char((CAST(:sent_at AS timestamptz) + make_interval(secs => :settle_s)) AT TIME ZONE 'UTC',
               'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS check_after
