"""Compares the countries that may be called with a list: python3 compare.py US GB"""

import sys

from gate import client

wanted = sys.argv[1:]
enabled = client.voice.dialing_permissions.countries.list(low_risk_numbers_enabled=True)
codes = [country.iso_code for country in enabled]
print("not in the list:", " ".join(code for code in codes if code not in wanted))
print("not open:", " ".join(code for code in wanted if code not in codes))
