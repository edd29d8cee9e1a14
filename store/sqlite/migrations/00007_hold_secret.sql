-- +goose Up

-- The secret by which all gates name holds, in hexadecimal; empty until the first gate asks for it.
ALTER TABLE holds_number ADD COLUMN secret TEXT NOT NULL DEFAULT '';
