INSERT INTO state (name, sort) VALUES
    ('pending', 1), ('ready', 2), ('sending', 3), ('posted', 4), ('confirmed', 5),
    ('blocked', 6), ('skipped', 7), ('withdrawn', 8),
    ('rejected', 9), ('uncertain', 10), ('conflict', 11)
