CREATE INDEX dependency_by_parent ON dependency (parent_id)
