-- Runs once, when the data volume is empty. The service owns its database and nothing else: it is no superuser.
\set password `cat /run/secrets/tildel_database_password`
CREATE ROLE tildel LOGIN PASSWORD :'password';
-- The service tells deadlocks by the English text of the message.
GRANT SET ON PARAMETER lc_messages TO tildel;
CREATE DATABASE tildel OWNER tildel;
REVOKE ALL ON DATABASE tildel FROM PUBLIC;
