-- +goose Up

-- The secret by which all gates name holds, in hexadecimal; empty until the first gate asks for it.
ALTER TABLE tollgate_holds_number ADD COLUMN secret text NOT NULL DEFAULT '';
