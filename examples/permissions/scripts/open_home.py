"""Opens the home country of a new subaccount to ordinary calls, and no other: by
its own credential, python3 open_home.py DE"""

import json
import sys

from gate import client

permissions = client.voice.dialing_permissions
# What it has inherited is its own from now on.
own = permissions.settings().update(dialing_permissions_inheritance=False)
print(f"inherits: {json.dumps(own.dialing_permissions_inheritance)}")
updates = [
    {"iso_code": country.iso_code, "low_risk_numbers_enabled": "false"}
    for country in permissions.countries.list(low_risk_numbers_enabled=True)
]
updates.append(
    {
        "iso_code": sys.argv[1],
        "low_risk_numbers_enabled": "true",
        "high_risk_special_numbers_enabled": "false",
        "high_risk_tollfraud_numbers_enabled": "false",
    }
)
permissions.bulk_country_updates.create(update_request=json.dumps(updates))
enabled = permissions.countries.list(low_risk_numbers_enabled=True)
print("open:", " ".join(country.iso_code for country in enabled))
