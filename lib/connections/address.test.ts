import { describe, expect, it } from "vitest";
import { refusedAddress } from "./address";

describe("addresses that may never be an upstream", () => {
  it.each([
    "169.254.169.254",
    "169.254.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "febf::1",
    "ff02::1",
    "fd00:ec2::254",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "::169.254.169.254",
    "64:ff9b::169.254.169.254",
  ])("refuses %s", (address) => {
    expect(refusedAddress(address)).toMatch(/address/);
  });

  it.each([
    "127.0.0.1",
    "10.0.0.5",
    "192.168.1.1",
    "172.16.3.4",
    "8.8.8.8",
    "169.253.1.1",
    "::1",
    "fd12:3456::1",
    "2001:db8::1",
    "::ffff:10.0.0.5",
    "db.internal",
  ])("lets %s through", (address) => {
    expect(refusedAddress(address)).toBeNull();
  });
});
