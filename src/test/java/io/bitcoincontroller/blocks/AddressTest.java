package io.bitcoincontroller.blocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses as BIP 173, BIP 350 and bitcoind itself spell them. */
final class AddressTest {
  private static String script(String text) {
    var valid = assertInstanceOf(Address.Reading.Valid.class, Address.read(text), text);
    return valid.address().script();
  }

  private static String why(String text) {
    return assertInstanceOf(Address.Reading.Refused.class, Address.read(text), text).why();
  }

  @Test
  void nobodysAddressIsTheHashOfAScriptThatAlwaysFails() throws Exception {
    var opReturn = new byte[] {0x6a};
    var hash = MessageDigest.getInstance("SHA-256").digest(opReturn);
    assertEquals("0020" + HexFormat.of().formatHex(hash), script(Address.NOBODYS));
  }

  /** The first two are BIP 173's program, the others bitcoind's own words for known scripts. */
  @ParameterizedTest
  @CsvSource({
    "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080, 0014751e76e8199196d454941c45d1b3a323f1433bd6",
    "BCRT1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KYGT080, 0014751e76e8199196d454941c45d1b3a323f1433bd6",
    "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn, 76a914243f1394f44554f4ce3fd68649c19adc483ce92488ac",
    "2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc, a9144e9f39ca4688ff102128ea4ccda34105324305b087"
  })
  void eachKindHasItsScript(String text, String script) {
    assertEquals(script, script(text));
  }

  @ParameterizedTest
  @CsvSource({
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4, the main chain",
    "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx, testnet or signet",
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2, the main chain",
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy, the main chain",
    "LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1, another currency"
  })
  void oneOfAnotherChainIsCalledSo(String text, String chain) {
    assertEquals(
        "is an address of " + chain + "; one of regtest begins with bcrt1, m, n or 2", why(text));
  }

  @ParameterizedTest
  @CsvSource({
    "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt081, typing error",
    "bcrt1qW508d6qejxtdg4y5r3zarvary0c5xw7kygt080, small and capital",
    "bcrt1, checksum",
    "bcrt1q, checksum",
    "hello, letters",
    "1111111111111111111111111, checksum",
    "'', letters"
  })
  void whatIsNoAddressIsRefusedWithTheReason(String text, String part) {
    assertTrue(why(text).contains(part), why(text));
  }

  @Test
  void oneWrongLetterIsAlwaysFound() {
    var seed = System.nanoTime();
    var random = new Random(seed);
    for (var text : new String[] {Address.NOBODYS, "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn"}) {
      for (var n = 0; n < 500; n++) {
        var at = 5 + random.nextInt(text.length() - 5);
        var other = (char) ('a' + random.nextInt(26));
        if (other != text.charAt(at)) {
          var wrong = text.substring(0, at) + other + text.substring(at + 1);
          assertInstanceOf(
              Address.Reading.Refused.class, Address.read(wrong), wrong + ", seed " + seed);
        }
      }
    }
  }

  @Test
  void newCoinsEndWhereTheLastSatoshiIsHalved() {
    assertEquals(4950, Subsidy.END);
    assertEquals(5_000_000_000L, Subsidy.at(149));
    assertEquals(2_500_000_000L, Subsidy.at(150));
    assertEquals(1, Subsidy.at(4949));
    assertEquals(0, Subsidy.at(4950));
    assertEquals(0, Subsidy.at(Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 51",
    "16, 60",
    "17, 0111",
    "127, 017f",
    "128, 028000",
    "255, 02ff00",
    "256, 020001",
    "32767, 02ff7f",
    "32768, 03008000",
    "70000, 03701101"
  })
  void aHeightIsPushedInTheShortestWay(long height, String script) {
    assertEquals(script, Coinbase.height(height));
  }
}
