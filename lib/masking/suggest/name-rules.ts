import type { FindingKind } from "./finding";

/** Names that tell what a column holds: phrases of whole words, anywhere in the name. */
export interface NameRule {
  readonly kind: FindingKind;
  readonly confidence: number;
  readonly phrases: readonly string[];
  /** Words that may follow the phrase, beside those of TAIL_WORDS. */
  readonly tails?: readonly string[];
  /** Words that mean something else when they stand before the phrase. */
  readonly notAfter?: readonly string[];
}

/** What may follow without changing what the column holds: `email_address`, `phone_2`; but not `email_count` or `token_type`. */
export const TAIL_WORDS: ReadonlySet<string> = new Set(
  (
    "address addr adr number numbers num no nr nbr value text string raw plain plaintext cleartext encrypted enc cipher hash hashed digest salt " +
    "primary secondary alt alternate alternative old new previous current work home mobile office private personal business normalized normalised canonical lower full formatted"
  ).split(" "),
);

/** Questions and amounts about the thing rather than the thing: `is_phone_verified`, `num_emails`. */
export const NEVER_BEFORE: ReadonlySet<string> = new Set(
  (
    "is has have had can may should must needs need requires require required allow allows allowed enable enabled use uses show hide send sent notify " +
    "wants want accept accepts accepted count counts num nb qty total max min avg sum opt optin"
  ).split(" "),
);

const CONTENT_HASHES =
  "content file commit row block git tree etag image object document page query template schema cache url blob chunk body".split(
    " ",
  );
const PAGING_TOKENS =
  "page next prev previous cursor continuation design prompt completion input output sync resume".split(" ");
const OTHER_ADDRESSES = "email mail e ip ipv4 ipv6 mac web url wallet host server memory bus smtp http contract".split(
  " ",
);
const OTHER_BIRTHS = ["place", "city", "country", "town", "region"];

export const NAME_RULES: readonly NameRule[] = [
  { kind: "email", confidence: 95, phrases: ["email", "e mail", "emailaddress", "emails"] },
  { kind: "email", confidence: 60, phrases: ["mail", "email id", "mailaddress"] },
  {
    kind: "phone",
    confidence: 90,
    phrases: [
      "phone",
      "phonenumber",
      "phoneno",
      "telephone",
      "cellphone",
      "mobilephone",
      "msisdn",
      "phones",
      "telefon",
    ],
    tails: ["e", "164", "ext", "extension"],
  },
  { kind: "phone", confidence: 75, phrases: ["mobile", "mobile number", "cell", "tel", "fax", "handy", "whatsapp"] },
  {
    kind: "national_id",
    confidence: 95,
    phrases: [
      "ssn",
      "ssn last",
      "social security",
      "socialsecurity",
      "socialsecuritynumber",
      "national id",
      "nationalid",
      "national insurance",
      "nino",
      "tax id",
      "taxid",
      "tax number",
      "taxpayer id",
      "passport",
      "passportno",
      "passportnumber",
      "personal id",
      "identity number",
      "identity card",
      "driver license",
      "drivers license",
      "driver licence",
      "drivers licence",
      "driving licence",
      "driving license",
      "steuer id",
      "steueridnr",
      "codice fiscale",
      "personnummer",
      "aadhaar",
      "aadhar",
    ],
  },
  {
    kind: "national_id",
    confidence: 70,
    phrases: ["nin", "nir", "bsn", "dni", "nie", "nif", "cpf", "tin", "pesel", "curp", "itin"],
  },
  {
    kind: "card",
    confidence: 95,
    phrases: [
      "card number",
      "card no",
      "card num",
      "cardnumber",
      "cardno",
      "credit card",
      "creditcard",
      "creditcardnumber",
      "debit card",
      "cc number",
      "cc num",
      "cc no",
      "ccnumber",
      "card pan",
      "primary account number",
    ],
    notAfter: ["gift", "loyalty", "library", "sim", "report", "identity", "id", "member", "membership"],
  },
  { kind: "card", confidence: 60, phrases: ["pan"], notAfter: ["frying", "baking"] },
  {
    kind: "card_code",
    confidence: 95,
    phrases: ["cvv", "cvc", "cvv 2", "cvc 2", "cvn", "card security code", "security code"],
    tails: ["code"],
  },
  { kind: "iban", confidence: 95, phrases: ["iban", "ibannumber"] },
  {
    kind: "bank_account",
    confidence: 80,
    phrases: ["bank account", "bankaccount", "bank account number", "routing number", "sort code", "kontonummer"],
  },
  {
    kind: "bank_account",
    confidence: 65,
    phrases: ["account number", "account no", "account num", "accountnumber", "acct number", "acct no", "acct num"],
  },
  {
    kind: "birth_date",
    confidence: 90,
    phrases: ["birth date", "birthdate", "date of birth", "dateofbirth", "dob", "birthday", "birth day", "born on"],
  },
  {
    kind: "birth_date",
    confidence: 65,
    phrases: ["birth", "born", "birth year", "year of birth", "geburtsdatum"],
    notAfter: OTHER_BIRTHS,
  },
  {
    kind: "secret",
    confidence: 97,
    phrases: [
      "password",
      "passwd",
      "pwd",
      "passwort",
      "passphrase",
      "passcode",
      "api key",
      "apikey",
      "private key",
      "privatekey",
      "secret key",
      "secretkey",
      "client secret",
      "access token",
      "accesstoken",
      "refresh token",
      "refreshtoken",
      "auth token",
      "bearer token",
      "access key",
      "encryption key",
      "signing key",
      "totp secret",
      "recovery codes",
      "backup codes",
    ],
    tails: ["bcrypt", "argon", "scrypt", "md", "sha", "pem"],
  },
  { kind: "secret", confidence: 85, phrases: ["secret", "otp", "credential", "credentials"] },
  { kind: "secret", confidence: 75, phrases: ["token"], notAfter: PAGING_TOKENS },
  { kind: "secret", confidence: 50, phrases: ["pin", "session key", "license key"], notAfter: ["map", "is"] },
  { kind: "secret", confidence: 35, phrases: ["hash"], notAfter: CONTENT_HASHES },
  {
    kind: "income",
    confidence: 85,
    phrases: ["salary", "salaries", "wage", "wages", "annual income", "household income", "personal income"],
    tails: ["amount", "annual", "yearly", "monthly", "gross", "net", "base", "usd", "eur", "gbp", "cents"],
  },
  {
    kind: "income",
    confidence: 55,
    phrases: ["income", "compensation", "pay rate", "payrate", "net worth"],
    tails: ["amount", "annual", "yearly", "monthly", "gross", "net", "usd", "eur", "gbp", "cents"],
    notAfter: ["net", "operating", "gross", "other"],
  },
  {
    kind: "address",
    confidence: 45,
    phrases: ["address", "street", "streetaddress", "address line", "addressline", "addr", "house number"],
    tails: ["line", "name"],
    notAfter: OTHER_ADDRESSES,
  },
  {
    kind: "address",
    confidence: 35,
    phrases: ["zip", "zip code", "zipcode", "postal code", "postalcode", "postcode", "post code", "plz"],
    notAfter: ["file", "gz"],
  },
  {
    kind: "person_name",
    confidence: 45,
    phrases: [
      "first name",
      "firstname",
      "last name",
      "lastname",
      "full name",
      "fullname",
      "middle name",
      "middlename",
      "given name",
      "family name",
      "surname",
      "maiden name",
      "forename",
      "legal name",
      "patient name",
      "cardholder",
      "cardholder name",
    ],
  },
  {
    kind: "ip_address",
    confidence: 45,
    phrases: ["ip", "ip address", "ipaddress", "ip addr", "ipv 4", "ipv 6", "remote addr", "client ip"],
  },
];

/** Tables whose `name` is a person's. */
export const PEOPLE: ReadonlySet<string> = new Set(
  (
    "customer customers person persons people employee employees user users patient patients contact contacts client clients member members " +
    "student students staff guest guests applicant applicants candidate candidates subscriber subscribers recipient recipients driver drivers tenant tenants"
  ).split(" "),
);
