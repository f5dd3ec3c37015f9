package io.bitcoincontroller.bitcoind;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
  private static final int ROOM = 2 * 1024 * 1024;

  private static final String CHAIN =
      "{\"blocks\": 0, \"bestblockhash\": \"" + "0".repeat(64) + "\"}";

  private final AnswerMemory memory = new AnswerMemory(ROOM);

  private Answer read(int status, String body) throws IOException {
    return new AnswerReader(NodeInfo.REQUESTS, memory)
        .read(status, new ByteArrayInputStream(body.getBytes(ISO_8859_1)));
  }

  private static AnswerMemory.Share share(Answer answer) {
    return assertInstanceOf(Answer.Replies.class, answer).share();
  }

  private static String right() {
    return new String(HostileAnswers.right(), ISO_8859_1);
  }

  /** 1,000 peers and 1,000 entries, each of 300 characters: as much as is taken of one node. */
  private static String wide() {
    return HostileAnswers.wide("y".repeat(290));
  }

  @Test
  void largeAnswersShareWhatThereIsAndTakeSmallOnesNothing() throws Exception {
    var first = share(read(200, wide()));
    assertTrue(memory.left() < ROOM / 4 * 3, "left: " + memory.left());
    assertRefused(wide());
    share(read(200, right())).giveBack();
    first.giveBack();
    first.giveBack();
    assertEquals(ROOM, memory.left());
    share(read(200, wide())).giveBack();
  }

  private void assertRefused(String body) {
    var refused = assertThrows(BadAnswer.class, () -> read(200, body));
    assertTrue(refused.toString().contains("too much to keep"), refused::toString);
  }

  /** One that lists so many entries of 100 characters. */
  private static String listing(int entries) {
    var list = "{\"addednode\": \"" + "y".repeat(100) + "\"}, ";
    var rest = "{\"id\": 1, \"result\": []}, {\"id\": 2, \"result\": " + CHAIN + "}";
    return "[{\"id\": 0, \"result\": [%s{\"addednode\": \"z\"}]}, %s]"
        .formatted(list.repeat(entries), rest);
  }

  @Test
  void thousandsOfSmallAnswersShareWhatThereIsAndTheSmallestAreNeverRefused() throws Exception {
    var held = new ArrayList<AnswerMemory.Share>();
    var body = listing(100);
    while (memory.left() > ROOM / 2 + 20_000) {
      held.add(share(read(200, body)));
    }
    assertRefused(body);
    var few = listing(1);
    var left = memory.left();
    share(read(200, few));
    assertEquals(left, memory.left());
    held.forEach(AnswerMemory.Share::giveBack);
    assertEquals(ROOM, memory.left());
  }

  /** The nodes of one namespace have a part, and leave the rest to others. */
  @Test
  void whoFillsItsPartLeavesOthersTheRest() throws Exception {
    var mine = memory.part(0.75);
    var others = memory.part(0.75);
    var held = new ArrayList<AnswerMemory.Share>();
    for (var share = mine.share(); share.keepIfRoom(10_000); share = mine.share()) {
      held.add(share);
    }
    assertTrue(memory.left() >= ROOM / 2 + ROOM / 8, () -> "left: " + memory.left());
    assertTrue(others.share().keepIfRoom(10_000));
    held.forEach(AnswerMemory.Share::giveBack);
    assertEquals(ROOM - 10_000, memory.left());
    assertFalse(others.share().keepIfRoom(ROOM), "more than there is beyond what is small");
    assertEquals(ROOM - 10_000, memory.left(), "nothing is taken of it");
  }

  /** Its transactions, each of so many hex digits. */
  private static String template(int transactions, int digits) {
    var one =
        "{\"data\": \"%s\", \"txid\": \"%s\", \"hash\": \"%s\", \"fee\": 1}"
            .formatted("0".repeat(digits), "1".repeat(64), "2".repeat(64));
    return "[{\"id\": 0, \"result\": {\"previousblockhash\": \"%s\", \"height\": 1, \"curtime\": 1, "
            .formatted("3".repeat(64))
        + "\"mintime\": 1, \"transactions\": ["
        + String.join(", ", Collections.nCopies(transactions, one))
        + "]}}]";
  }

  private int transactions(int all, int digits) throws IOException {
    var body = template(all, digits).getBytes(ISO_8859_1);
    var answer =
        assertInstanceOf(
            Answer.Replies.class,
            new AnswerReader(List.of(RpcRequest.getBlockTemplate()), memory)
                .read(200, new ByteArrayInputStream(body)));
    var result = assertInstanceOf(RpcReply.Result.class, answer.list().getFirst()).value();
    return assertInstanceOf(RpcResult.NextBlock.class, result).template().transactions().size();
  }

  @Test
  void aBlockHasTheTransactionsForWhichThereIsRoomAndWhatBecomesOfThemIsCounted() throws Exception {
    var digits = 2000;
    var kept = transactions(1000, digits);
    assertTrue(kept > 10 && kept < 1000, kept + " transactions");
    assertTrue(ROOM - memory.left() >= 4L * kept * digits, () -> "left: " + memory.left());
    assertTrue(transactions(1000, digits) < kept / 10, "others have most of it");
  }

  /** Or one call of a user would take the node out of the controller's hands. */
  @Test
  void whateverAUserListsIsReadSoThatItCanBeRemoved() throws Exception {
    var entries = new StringBuilder("{\"addednode\": \"" + "a".repeat(4000) + "\"}");
    for (var i = 0; i < 1500; i++) {
      entries.append(", {\"addednode\": \"10.0.").append(i).append("\", \"addresses\": []}");
    }
    var body =
        "[{\"id\": 0, \"result\": [%s]}, {\"id\": 1, \"result\": []}, {\"id\": 2, \"result\": %s}]"
            .formatted(entries, CHAIN);
    var answer = assertInstanceOf(Answer.Replies.class, read(200, body));
    var first = assertInstanceOf(RpcReply.Result.class, answer.list().getFirst());
    var list = assertInstanceOf(RpcResult.AddedNodes.class, first.value()).list();
    assertEquals(1000, list.size());
    assertEquals(4000, list.getFirst().length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>busy</html>", "\"busy\"", "[{\"result\":"})
  void aServerInNeedIsBusyWhateverItSays(String body) throws Exception {
    assertEquals(new Answer.Busy(503), read(503, body));
    var refused = assertThrows(BadAnswer.class, () -> read(200, body));
    assertEquals("HTTP 200 without JSON", refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "7,               | -7,                   | a number that can't be",
        "70016            | 70016.5               | a fraction in place of a whole number",
        "70016            | 99999999999999999999  | a number that can't be",
        "101              | 2147483648            | a number that can't be",
        "101              | \"101\"             | a text in place of a whole number",
        "false            | null                  | null in place of yes or no",
        "\"10.0.0.1\"   | \"\\ud800\"       | half a character",
        "\"10.0.0.1\"   | []                    | a list in place of a text",
        "\"id\":0       | \"id\":1            | a reply to another call",
        "0f0f             | 0g0f                  | a chain without height or hash"
      })
  void whatIsWrongIsToldInWords(String right, String wrong, String words) {
    var body = right().replaceFirst(right, wrong.replace("\\", "\\\\"));
    assertEquals(words, assertThrows(BadAnswer.class, () -> read(200, body)).getMessage());
  }
}
