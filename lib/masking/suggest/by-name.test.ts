import { describe, expect, it } from "vitest";
import { byName } from "./by-name";
import type { FindingKind } from "./finding";

const kindOf = (name: string, dataType: string, table = "things") =>
  byName({ schema: "app", table, name, dataType })?.kind ?? null;

describe("the name of a column", () => {
  const telling: readonly (readonly [name: string, dataType: string, kind: FindingKind])[] = [
    ["email", "varchar", "email"],
    ["e_mail", "varchar", "email"],
    ["E-Mail", "varchar", "email"],
    ["contactEmailAddress", "varchar", "email"],
    ["useremail", "varchar", "email"],
    ["email_hash", "binary", "email"],
    ["mail", "varchar", "email"],
    ["phone", "varchar", "phone"],
    ["phone_2", "varchar", "phone"],
    ["mobileNumber", "bigint", "phone"],
    ["home_tel", "varchar", "phone"],
    ["ssn", "char", "national_id"],
    ["SSN", "char", "national_id"],
    ["social_security_number", "varchar", "national_id"],
    ["national_id", "varchar", "national_id"],
    ["nin", "char", "national_id"],
    ["passport_no", "varchar", "national_id"],
    ["tax_id", "bigint", "national_id"],
    ["card_number", "varchar", "card"],
    ["cc_number", "bigint", "card"],
    ["pan", "varchar", "card"],
    ["creditCardNumber", "varchar", "card"],
    ["cvv", "char", "card_code"],
    ["cvc2", "smallint", "card_code"],
    ["iban", "varchar", "iban"],
    ["account_number", "varchar", "bank_account"],
    ["birth_date", "date", "birth_date"],
    ["date_of_birth", "date", "birth_date"],
    ["dob", "date", "birth_date"],
    ["birth_year", "year", "birth_date"],
    ["password", "varchar", "secret"],
    ["password_hash", "varchar", "secret"],
    ["user_pwd", "varchar", "secret"],
    ["passwd_sha256", "char", "secret"],
    ["apiKey", "varchar", "secret"],
    ["API_KEY", "varchar", "secret"],
    ["private_key_pem", "text", "secret"],
    ["reset_token", "varchar", "secret"],
    ["client_secret", "varchar", "secret"],
    ["hash", "varchar", "secret"],
    ["salary", "decimal", "income"],
    ["annual_income", "int", "income"],
    ["address", "varchar", "address"],
    ["billing_address_line1", "varchar", "address"],
    ["street", "varchar", "address"],
    ["zip", "varchar", "address"],
    ["postal_code", "varchar", "address"],
    ["first_name", "varchar", "person_name"],
    ["lastName", "varchar", "person_name"],
    ["full_name", "varchar", "person_name"],
    ["ip_address", "varchar", "ip_address"],
    ["last_login_ip", "inet6", "ip_address"],
  ];
  it.each(telling)("%s %s tells of %s", (name, dataType, kind) => expect(kindOf(name, dataType)).toBe(kind));

  const benign: readonly (readonly [name: string, dataType: string])[] = [
    ["id", "int"],
    ["customer_id", "bigint"],
    ["email_count", "int"],
    ["email_id", "int"],
    ["email", "tinyint"],
    ["email_verified_at", "datetime"],
    ["email_template", "varchar"],
    ["num_emails", "varchar"],
    ["mailing_list", "varchar"],
    ["voicemail", "varchar"],
    ["token_type", "varchar"],
    ["token_count", "int"],
    ["prompt_tokens", "int"],
    ["next_page_token", "varchar"],
    ["is_phone_verified", "tinyint"],
    ["has_phone", "varchar"],
    ["phone_country_code", "varchar"],
    ["phone_type", "enum"],
    ["headphone_model", "varchar"],
    ["card_type", "varchar"],
    ["card_brand", "varchar"],
    ["card_last4", "char"],
    ["gift_card_number", "varchar"],
    ["hotel_id", "int"],
    ["panel", "varchar"],
    ["company", "varchar"],
    ["span", "int"],
    ["listing", "varchar"],
    ["content_hash", "char"],
    ["commit_hash", "char"],
    ["public_key", "text"],
    ["idempotency_key", "varchar"],
    ["sort_key", "varchar"],
    ["password_changed_at", "datetime"],
    ["password_attempts", "int"],
    ["secretary_id", "int"],
    ["place_of_birth_code", "char"],
    ["salary_currency", "char"],
    ["salary_band", "varchar"],
    ["net_income", "decimal"],
    ["mac_address", "varchar"],
    ["ship_date", "date"],
    ["zipped", "tinyint"],
    ["city", "varchar"],
    ["country", "char"],
    ["name", "varchar"],
    ["product_name", "varchar"],
    ["file_name", "varchar"],
    ["title", "varchar"],
    ["status", "enum"],
    ["price", "decimal"],
    ["total", "decimal"],
    ["quantity", "smallint"],
    ["sku", "char"],
    ["created_at", "datetime"],
    ["updated_by", "int"],
    ["hired_on", "date"],
    ["description", "text"],
    ["notes", "text"],
    ["url", "varchar"],
    ["locale", "char"],
    ["version", "int"],
    ["shipping_method", "varchar"],
    ["iban_validated", "tinyint"],
    ["order_number", "varchar"],
  ];
  it.each(benign)("%s %s tells nothing", (name, dataType) => expect(kindOf(name, dataType)).toBeNull());

  it("is a person's where the table is about people, and then only", () => {
    expect(kindOf("name", "varchar", "customers")).toBe("person_name");
    expect(kindOf("customer_name", "varchar", "orders")).toBe("person_name");
    expect(kindOf("name", "varchar", "products")).toBeNull();
    expect(kindOf("name", "varchar", "customer_segments")).toBeNull();
  });

  it("suggests the method that suits the kind", () => {
    const of = (name: string, dataType: string) => {
      const found = byName({ schema: "s", table: "t", name, dataType });
      return { method: found?.method, options: found?.options };
    };
    expect(of("email", "varchar")).toEqual({ method: "email", options: {} });
    expect(of("card_number", "varchar")).toEqual({ method: "partial", options: { keep_last: 4 } });
    expect(of("ssn", "char")).toEqual({ method: "redact", options: {} });
    expect(of("dob", "date")).toEqual({ method: "year", options: {} });
    expect(of("salary", "int")).toEqual({ method: "bucket", options: { size: 10_000 } });
    expect(of("password", "varchar")).toEqual({ method: "redact", options: {} });
  });
});
