"""Closes calls to all high-risk numbers, in every country: python3 close_high_risk.py"""

import json

from gate import client

permissions = client.voice.dialing_permissions
risky = [
    country.iso_code
    for country in permissions.countries.list(page_size=100)
    if country.high_risk_special_numbers_enabled or country.high_risk_tollfraud_numbers_enabled
]
done = permissions.bulk_country_updates.create(
    update_request=json.dumps(
        [
            {
                "iso_code": code,
                "high_risk_special_numbers_enabled": "false",
                "high_risk_tollfraud_numbers_enabled": "false",
            }
            for code in risky
        ]
    )
)
print(f"closed {done.update_count}: {' '.join(risky)}")
