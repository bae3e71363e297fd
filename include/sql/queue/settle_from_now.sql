SELECT utc_after(:settle_s) AS check_after
