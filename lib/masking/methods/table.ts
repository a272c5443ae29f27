import type { MaskMethodName } from "../mask";
import { bucket } from "./bucket";
import { email } from "./email";
import type { Method } from "./method";
import { nothing } from "./nothing";
import { partial } from "./partial";
import { redact } from "./redact";
import { token } from "./token";
import { year } from "./year";

/** Every way to hide a value. */
export const METHODS: Readonly<Record<MaskMethodName, Method>> = {
  redact,
  null: nothing,
  partial,
  token,
  email,
  year,
  bucket,
};
