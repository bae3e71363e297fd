UPDATE ledger_version SET version_num = 'moved'
