package command

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/pricing"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/rates"
)

const importRatesUsage = "<file>…|-"

func buildImportRates(cmd *cobra.Command) {
	cmd.Long = `
Turns what Twilio's Pricing API answers into a deck of rates, and prints it. Each file has the
answer for a country, or several one behind the other. No one is asked.

Messages are priced by the network of the recipient, which no number shows, and calls by
where they come from, too: of these prices, the most expensive counts.`
	cmd.Example = `  tollgate import rates messaging/*.json voice/*.json >rates.csv`
	run(cmd, importRates)
}

func importRates(cmd *cobra.Command, args []string) (int, error) {
	if len(args) == 0 {
		return exitTrouble, errors.New(`name the files that have answers of the Pricing API ("-" is standard input)`)
	}
	var rows []rates.Row
	for _, name := range args {
		text, err := readText(cmd, name)
		switch {
		case err != nil:
			return exitTrouble, fmt.Errorf("reading the prices: %w", err)
		case len(text) > decode.MaxFileSize:
			return exitTrouble, fmt.Errorf("%s is larger than %d bytes, the limit", shownName(name), decode.MaxFileSize)
		}
		read, err := pricing.Read(shownName(name), text)
		if err != nil {
			return exitNo, err
		}
		rows = append(rows, read...)
	}
	var deck bytes.Buffer
	if err := rates.Write(&deck, rows); err != nil {
		return exitNo, err
	}
	if _, err := rates.Read("the deck that was made", deck.Bytes()); err != nil {
		return exitNo, fmt.Errorf("checking the rates: %w", err)
	}
	if _, err := cmd.OutOrStdout().Write(deck.Bytes()); err != nil {
		return exitTrouble, fmt.Errorf("writing the rates: %w", err)
	}
	return exitYes, nil
}
