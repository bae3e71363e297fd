"""What the database complains about never shows what was to be written."""

from __future__ import annotations

import pytest
from ledger_world import World
from sqlalchemy.exc import IntegrityError


def test_a_refused_write_does_not_tell_the_body_it_carried(world: World):
    statement = "INSERT INTO content (hash, body) VALUES (:hash, :body)"
    world.run_sql(statement, hash="h", body="{}")
    with pytest.raises(IntegrityError) as refused:
        world.run_sql(statement, hash="h", body='{"memo":"private words"}')
    assert "private words" not in str(refused.value)
