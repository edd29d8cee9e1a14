package numbering

// tollFraudTable is the ranges of the class high_risk_tollfraud where no one
// says otherwise: the networks of satellites and the international networks.
// They belong to no country, and hardly any company calls a customer there. Abuse
// of +881 and +882 13 is on public record. The other rows stand for their kind,
// and say so: Recommendation ITU-T E.156 on the misuse of numbers names these
// codes, but no case.
//
// The table is small on purpose, since a row that is wrong refuses good calls:
//
//   - No country and no wide range of ordinary subscribers stands here, whatever
//     warnings of one-ring calls name them. A permission set without the country
//     is what keeps those out.
//   - Narrow ranges within countries that are rented out change from week to week,
//     and lists of them that are public are old (the regulator HAKOM's is of 2008
//     to 2010). Twilio's own of this class "are not available for download and are updated
//     frequently", as its documentation of the dialing permissions of a country
//     says. They are for lists that someone keeps up to date, and for range lines.
//   - +979 is premium rate, +808 shared cost and +800 free by definition, which
//     is what their kinds say. Of +878, no abuse was found. +888 was to cost no
//     more than a national call (metadata of libphonenumber), and may be spare
//     again (unverified: secondary lists say so).
var tollFraudTable = []tollFraudRow{
	{"870", "Inmarsat satellite telephones", "listed for their kind",
		"ITU-T E.156 (06/2020), scope: codes for Inmarsat"},
	{"881", "global satellite telephones", "one-ring calls of 2016 and 2017, Bundesnetzagentur",
		"Bundesnetzagentur: no charges for calls to 12 numbers of +881 8 2, case EB962487, 2016-10-10 to 2018-01-24 " +
			"(letter in www.antispam-ev.de, thread 25655); prices of calls to +881 to be announced from 2018-01-15 " +
			"(list of codes in www.schwarzwaelder-bote.de, December 2017)"},
	{"882", "international networks", "listed for their kind",
		"ITU-T E.156 (06/2020), scope: codes for networks"},
	{"88213", "EMSAT satellite telephones", "rogue diallers of 2003 and 2004, The Register",
		"www.theregister.co.uk/2004/03/24/eutelsat_denies_rogue_diallers_accusation"},
	{"883", "international networks", "listed for their kind",
		"ITU-T E.156 (06/2020), scope: codes for multi-use networks"},
}

type tollFraudRow struct {
	prefix string
	what   string // numbers these are
	known  string // why they stand here, in a few words
	source string // where that can be read
}
