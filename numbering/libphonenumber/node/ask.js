// Reads numbers, digits a line with the calling code, a space and the national number.
// Prints for each what google-libphonenumber and libphonenumber-js say of these very digits:
// region and type, "-" where a number is not valid, "?" where the library changes digits.
const readline = require('node:readline')
const google = require('google-libphonenumber')
const { parsePhoneNumberFromString } = require('libphonenumber-js/max')

const util = google.PhoneNumberUtil.getInstance()
const googleTypes = Object.fromEntries(Object.entries(google.PhoneNumberType).map(([name, value]) => [value, name]))

function askGoogle(code, national) {
  const number = new google.PhoneNumber()
  number.setCountryCode(Number(code))
  number.setNationalNumber(Number(national))
  const zeros = national.length - String(Number(national)).length
  if (zeros > 0) {
    number.setItalianLeadingZero(true)
    number.setNumberOfLeadingZeros(zeros)
  }
  const region = util.getRegionCodeForNumber(number)
  const type = region ? googleTypes[util.getNumberType(number)] : 'UNKNOWN'
  return type === 'UNKNOWN' ? '-' : `${region} ${type}`
}

function askJS(code, national) {
  const number = parsePhoneNumberFromString(`+${code}${national}`)
  if (!number || number.countryCallingCode !== code || number.nationalNumber !== national) return '?'
  return number.isValid() ? `${number.country ?? '001'} ${number.getType()}` : '-'
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const [code, national] = line.split(' ')
  console.log(`${askGoogle(code, national)}\t${askJS(code, national)}`)
})
