SELECT profile FROM account_profile WHERE connection_id = :connection_id
