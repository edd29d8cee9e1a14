"""Opens one country to ordinary calls, and writes all others as they were read:
python3 write_back.py DE"""

import json
import sys

from gate import client

permissions = client.voice.dialing_permissions
updates = [
    {
        "iso_code": country.iso_code,
        "low_risk_numbers_enabled": country.low_risk_numbers_enabled or country.iso_code == sys.argv[1],
        "high_risk_special_numbers_enabled": country.high_risk_special_numbers_enabled,
        "high_risk_tollfraud_numbers_enabled": country.high_risk_tollfraud_numbers_enabled,
    }
    for country in permissions.countries.list()
]
done = permissions.bulk_country_updates.create(update_request=json.dumps(updates))
print(f"{done.update_request}: all of them {json.dumps(done.update_count == len(updates))}")
