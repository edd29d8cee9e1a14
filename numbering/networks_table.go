package numbering

// networkTable names the networks that share the calling codes of no country.
// No prefix is the beginning of another.
//
// A code may have been given back, and others assigned, since the sources were
// written: what is in no row has no name. Some names are shortened.
var networkTable = []networkRow{
	{"87810", "VISIONng", metadata2020},

	{"8816", "Iridium", bulletin2014},
	{"8817", "Iridium", bulletin2014},
	{"8818", "Globalstar", bulletin2014},
	{"8819", "Globalstar", bulletin2014},

	{"88210", "Global Office Application", bulletin2014},
	{"88212", "HyperStream International Data Network", bulletin2014},
	{"88213", "EMS Regional Mobile Satellite System", bulletin2014},
	{"88215", "Global International ATM Network", bulletin2014},
	{"88216", "Thuraya", bulletin2014},
	{"88220", "Garuda Mobile Telecommunication Satellite System", bulletin2014},
	{"88222", "Cable & Wireless Global Network", bulletin2014},
	{"88223", "Sita-Equant Network", bulletin2014},
	{"88224", "TeliaSonera Sverige", bulletin2014},
	{"88228", "Deutsche Telekom Next Generation Network", bulletin2014},
	{"88231", "Global International ATM Network", bulletin2014},
	{"88232", "Maritime Communications Partner", bulletin2014},
	{"88233", "Oration Technologies", bulletin2014},
	{"88234", "BebbiCell", bulletin2014},
	{"88235", "Jasper System", bulletin2014},
	{"88236", "Jersey Telecom", bulletin2014},
	{"88237", "Cingular Wireless", bulletin2014},
	{"88239", "Vodafone Malta", bulletin2014},
	{"88240", "Oy Communications", bulletin2014},
	{"88241", "Intermatica", bulletin2014},
	{"88242", "Seanet Maritime Communication", bulletin2014},
	{"88243", "Beeline", bulletin2014},
	{"88245", "Telecom Italia", bulletin2014},
	{"88246", "Tyntec", bulletin2014},
	{"88247", "Transatel", bulletin2014},
	{"88249", "Monaco Telecom", carriers2020},
	{"88250", "Phonegroup", carriers2020},
	{"88297", "Smart Communications", bulletin2014},
	{"88298", "OnAir", bulletin2014},
	{"88299", "Telenor, on board of aircraft", bulletin2014},

	{"883100", "MediaLincc", bulletin2014},
	{"883110", "Aicent", bulletin2014},
	{"883120", "Telenor Connexion", bulletin2014},
	{"883130", "France Telecom Orange", bulletin2014},
	{"883140", "Multiregional TransitTelecom", bulletin2014},
	{"883150", "BodyTrace", bulletin2014},
	{"8835100", "Voxbone", bulletin2014},
	{"8835110", "Bandwidth.com", bulletin2014},
	{"8835120", "MTX Connect", bulletin2014},
	{"8835130", "SipMe", bulletin2014},
	{"8835140", "Ellipsat", bulletin2014},
	{"8835150", "Wins", bulletin2014},
}

// The sources of the rows.
const (
	// The ITU's list of E.164 country codes in the annex to its Operational
	// Bulletin No. 991, 2011-11-01, as amended until No. 1057, 2014-08-01; read in
	// Wireshark's copy of it, epan/dissectors/packet-e164.c.
	bulletin2014 = "ITU Operational Bulletins No. 991 to 1057"
	// resources/carrier/en/882.txt of libphonenumber.
	carriers2020 = "carriers in libphonenumber, 2020"
	// The comment on +878 in resources/PhoneNumberMetadata.xml of libphonenumber.
	metadata2020 = "metadata of libphonenumber, www.itu.int/oth/T02020000E5"
)

type networkRow struct {
	prefix string
	name   string
	source string
}
