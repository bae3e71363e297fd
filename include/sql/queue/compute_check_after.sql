SELECT strftime('%Y-%m-%dT%H:%M:%f', julianday(:sent_at) + :settle_s / 86400.0) || '000Z' AS check_after
