package io.bitcoincontroller.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.yaml.Yaml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines that bitcoind would take, and that would take its node away. */
class ConfigRulesTest {
  private static final Path MANIFESTS = Path.of("manifests");

  /** All ways of writing one setting that bitcoind was seen to take, or that look like one. */
  private static final List<String> SPELLINGS =
      List.of(
          "%s=0",
          "%s=",
          " \t%s=1",
          "\u000b%s=1",
          "\f%s\u000b= 1",
          "%s = 0 # for a while",
          "no%s=1",
          "nono%s=1",
          "regtest.%s=0",
          "main.regtest.no%s=1",
          "%s",
          "%s # nothing",
          "%s#");

  private static final List<String> NOT_IT =
      List.of("# %s=0", "x%s=0", "%sx=0", "uacomment=%s=0", "\"%s\"=0", "-%s=0");

  @Test
  void everyReservedSettingIsRefusedHoweverItIsWritten() {
    for (var rule : ConfigRules.RULES) {
      for (var name : rule.names()) {
        for (var spelling : SPELLINGS) {
          var line = spelling.formatted(name);
          var refusal = ConfigRules.refusal(line);
          assertEquals(Optional.of(name + " is refused: " + rule.reason()), refusal, line);
        }
        for (var spelling : NOT_IT) {
          var line = spelling.formatted(name);
          assertEquals(Optional.empty(), ConfigRules.refusal(line), line);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server=0",
        "rpcwhitelistdefault=1",
        "listen=0",
        "daemon=1",
        "daemonwait=1",
        "networkactive=0",
        "addnode=10.1.2.3",
        "norpccookiefile=1",
        "proxy=127.0.0.1:9050",
        "maxconnections=2",
        "maxsendbuffer=0",
        "timeout=1",
        "peertimeout=1",
        "blocksonly=1",
        "stopatheight=7",
        "prune=550",
        "settings=/data/other.json"
      })
  void whatTakesANodeAwayIsRefused(String line) {
    assertTrue(ConfigRules.refusal(line).isPresent(), line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "txindex=1",
        "reindex=1",
        "dbcache=450",
        "maxtipage=60",
        "rpcthreads=16",
        "rpcworkqueue=64",
        "whitelist=noban@10.0.0.0/8",
        "zmqpubrawblock=tcp://0.0.0.0:28332",
        "serverless=1",
        "rpcdoccheck=1",
        ""
      })
  void allElseIsBitcoindsToJudge(String line) {
    assertEquals(Optional.empty(), ConfigRules.refusal(line), line);
  }

  @Test
  void aSectionHeaderIsRefused() {
    for (var line : List.of("[main]", " [regtest]", "\u000b[")) {
      assertTrue(ConfigRules.refusal(line).orElseThrow().startsWith("a section header"), line);
    }
  }

  @Test
  void noRefusalRepeatsAPassword() {
    assertFalse(ConfigRules.refusal("rpcpassword=geheim").orElseThrow().contains("geheim"));
  }

  private static JsonNode config() throws Exception {
    return Yaml.readOne(Files.readString(MANIFESTS.resolve("crd.yaml")))
        .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/config");
  }

  @Test
  void theSchemaHasTheSameNamesAndSaysSo() throws Exception {
    assertEquals(ConfigRules.PATTERN, config().at("/items/not/pattern").asText());
    var described = List.of(config().path("description").asText().split("[^a-z0-9]+"));
    for (var rule : ConfigRules.RULES) {
      assertTrue(described.containsAll(rule.names()), rule.toString());
    }
  }

  /** Those for servers of 1.25 and newer, which take the place of the pattern. */
  @Test
  void theRulesHaveTheSameNamesAndReasons() throws Exception {
    var file = Files.readString(MANIFESTS.resolve("extras/validation-rules.json"));
    var items = Json.MAPPER.readTree(file).get(1).path("value");
    for (var field : List.of("type", "maxLength", "pattern")) {
      assertEquals(config().path("items").path(field), items.path(field), field);
    }
    var rules = items.path("x-kubernetes-validations");
    assertEquals(
        List.of(
            "!self.matches(r'^[\\s\\x0B]*\\[')",
            "a section header is refused: " + ConfigRules.SECTION),
        List.of(rules.get(0).path("rule").asText(), rules.get(0).path("message").asText()));
    assertEquals(ConfigRules.RULES.size() + 1, rules.size());
    for (var i = 0; i < ConfigRules.RULES.size(); i++) {
      var rule = ConfigRules.RULES.get(i);
      var told = rules.get(i + 1);
      assertEquals(
          "!self.matches(r'^[\\s\\x0B]*([A-Za-z0-9]+\\.)*(no)*("
              + String.join("|", rule.names())
              + ")[\\s\\x0B]*(=|#|$)')",
          told.path("rule").asText());
      assertEquals(
          String.join(", ", rule.names())
              + (rule.names().size() == 1 ? " is refused: " : " are refused: ")
              + rule.reason(),
          told.path("message").asText());
    }
  }
}
