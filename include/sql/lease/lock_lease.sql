SELECT fence FROM lease WHERE tenant_id = :tenant_id
