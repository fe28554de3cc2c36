-- Who holds a permission is found by role.
CREATE INDEX account_of_role ON account (role, user_id);
