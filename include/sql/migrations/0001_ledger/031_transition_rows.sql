INSERT INTO transition (from_state, to_state) VALUES
    ('pending', 'ready'), ('pending', 'blocked'), ('pending', 'skipped'), ('pending', 'withdrawn'),
    ('ready', 'sending'), ('ready', 'pending'), ('ready', 'blocked'), ('ready', 'withdrawn'),
    ('blocked', 'pending'), ('blocked', 'withdrawn'),
    ('skipped', 'pending'), ('skipped', 'withdrawn'),
    ('withdrawn', 'pending'),
    ('rejected', 'pending'), ('rejected', 'withdrawn'),
    ('sending', 'ready'), ('sending', 'posted'), ('sending', 'rejected'), ('sending', 'uncertain'),
    ('uncertain', 'posted'), ('uncertain', 'ready'), ('uncertain', 'conflict'),
    ('ready', 'posted'), ('ready', 'conflict'),
    ('posted', 'confirmed'), ('posted', 'conflict'), ('posted', 'pending'),
    ('confirmed', 'pending'), ('confirmed', 'conflict'),
    ('conflict', 'posted'), ('conflict', 'pending'), ('conflict', 'ready')
