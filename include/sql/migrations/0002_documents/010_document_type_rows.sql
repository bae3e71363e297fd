INSERT INTO document_type (name, sort, tells_success, tells_failure) VALUES
    ('purchase_item', 3, false, false),
    ('payment', 30, true, false), ('bank_deposit', 31, true, false),
    ('purchase_order', 40, false, false), ('receipt', 41, false, false),
    ('vendor_bill', 42, true, false), ('vendor_credit', 43, true, false),
    ('inventory_adjustment', 50, false, false)
