/** The check digit that makes `digits` + it pass the Luhn test (ISO/IEC 7812-1, annex B). */
export function luhnCheckDigit(digits: string): string {
  return String((10 - (luhnSum(`${digits}0`) % 10)) % 10);
}

/** Whether a card number's last digit fits the others. */
export function passesLuhn(number: string): boolean {
  return /^\d{2,}$/.test(number) && luhnSum(number) % 10 === 0;
}

/** From the right, every second digit counts double, with the digits of the product added up. */
function luhnSum(number: string): number {
  return [...number].reverse().reduce((sum, character, index) => {
    const digit = Number(character) * (index % 2 === 1 ? 2 : 1);
    return sum + (digit > 9 ? digit - 9 : digit);
  }, 0);
}
