package io.bitcoincontroller.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchReaderTest {
  private static final String POD =
      """
      {"kind":"Pod","metadata":{"namespace":"n","name":"a","resourceVersion":"5",\
      "managedFields":[{"fieldsV1":{"f:status":{}}}]},\
      "spec":{"containers":[{"name":"c"}]},"status":{"podIP":"10.0.0.1"}}""";

  private static WatchReader<Pod> reader(String text) {
    return new WatchReader<>(bytes(text), Pod.class);
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static WatchEvent<Pod> only(String line) throws IOException {
    var reader = reader(line + "\n");
    var event = reader.next().orElseThrow();
    assertEquals(Optional.empty(), reader.next());
    return event;
  }

  @Test
  void anObjectGoesIntoItsRecord() throws IOException {
    var added =
        assertInstanceOf(
            WatchEvent.Added.class, only("{\"type\":\"ADDED\",\"object\":" + POD + "}"));
    var pod = assertInstanceOf(Pod.class, added.object());
    assertEquals(new ObjectKey("n", "a"), pod.metadata().key());
    assertEquals("10.0.0.1", pod.status().podIP());
  }

  /** All else of a pod's spec goes by. */
  @Test
  void ofAPodsVolumesItIsReadWhetherAClaimHoldsTheBlocks() throws IOException {
    var claim = "\"persistentVolumeClaim\":{\"claimName\":\"data-a\"}";
    var kept = "[{\"name\":\"logs\",\"emptyDir\":{}},{\"name\":\"data\"," + claim + "}]";
    assertTrue(withVolumes(kept).keepsBlocks());
    for (var lost :
        List.of(
            "null",
            "[null]",
            "[{\"name\":\"data\",\"emptyDir\":{}}]",
            "[{\"name\":\"data\",\"persistentVolumeClaim\":null}]",
            "[{\"name\":\"logs\"," + claim + "}]")) {
      assertFalse(withVolumes(lost).keepsBlocks(), lost);
    }
    assertEquals(
        withVolumes(kept), Json.convert(Json.MAPPER.valueToTree(withVolumes(kept)), Pod.class));
  }

  private static Pod withVolumes(String volumes) throws IOException {
    var spec = "\"spec\":{\"a\":{\"volumes\":1},\"volumes\":" + volumes + ",\"z\":[\"}\"]}";
    var pod = "{\"metadata\":{\"name\":\"a\"}," + spec + ",\"status\":{\"podIP\":\"10.0.0.1\"}}";
    var added = (WatchEvent.Added<Pod>) only("{\"type\":\"ADDED\",\"object\":" + pod + "}");
    assertEquals("10.0.0.1", added.object().status().podIP());
    return added.object();
  }

  @Test
  void theTypeMayComeLast() throws IOException {
    var first = only("{\"type\":\"DELETED\",\"object\":" + POD + "}");
    assertEquals(first, only("{\"object\":" + POD + ",\"other\":[1],\"type\":\"DELETED\"}"));
    assertInstanceOf(WatchEvent.Deleted.class, first);
  }

  @Test
  void linesFollowEachOther() throws IOException {
    var reader =
        reader(
            ("{\"type\":\"ADDED\",\"object\":" + POD + "}\n")
                + ("{\"type\":\"MODIFIED\",\"object\":" + POD + "}\r\n\n")
                + "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"7\"}}}");
    assertInstanceOf(WatchEvent.Added.class, reader.next().orElseThrow());
    assertInstanceOf(WatchEvent.Modified.class, reader.next().orElseThrow());
    assertEquals(Optional.of(new WatchEvent.Bookmark<Pod>("7", false)), reader.next());
    assertEquals(Optional.empty(), reader.next());
    assertEquals(Optional.empty(), reader.next());
  }

  @Test
  void aLongStreamIsReadWholeInWhateverPiecesItComes() throws IOException {
    var seed = Long.getLong("seed", System.nanoTime());
    System.out.println("WatchReaderTest: -Dseed=" + seed);
    var lines = new StringBuilder();
    for (var i = 0; i < 3_500; i++) {
      var pod = POD.replace("\"name\":\"a\"", "\"name\":\"a" + i + "\"");
      lines.append("{\"type\":\"ADDED\",\"object\":").append(pod).append("}\n");
    }
    var reader = new WatchReader<>(inPieces(lines.toString(), new Random(seed)), Pod.class);
    for (var i = 0; i < 3_500; i++) {
      var event = reader.next().orElseThrow();
      assertTrue(
          event instanceof WatchEvent.Added<Pod>(var pod) && pod.metadata().name().equals("a" + i),
          event.toString());
    }
    assertEquals(Optional.empty(), reader.next());
  }

  /** One read brings anything from one byte to more than a parser takes. */
  private static InputStream inPieces(String text, Random random) {
    return new FilterInputStream(bytes(text)) {
      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return super.read(target, offset, Math.min(length, random.nextInt(1, 10_000)));
      }
    };
  }

  @Test
  void aLineThatHasComeIsNeverKeptWaitingForTheNext() throws IOException {
    var seed = Long.getLong("seed", System.nanoTime());
    System.out.println("WatchReaderTest: -Dseed=" + seed);
    var random = new Random(seed);
    var wire = new Wire();
    var reader = new WatchReader<>(wire, Pod.class);
    var delivered = 0;
    while (delivered < 3_500) {
      var together = random.nextInt(1, 60);
      wire.send(("{\"type\":\"ADDED\",\"object\":" + POD + "}\n").repeat(together));
      for (var i = 0; i < together; i++) {
        assertInstanceOf(WatchEvent.Added.class, reader.next().orElseThrow());
        delivered++;
      }
    }
  }

  /** Where nothing has come, a reader would wait: this one says so. */
  private static final class Wire extends InputStream {
    private InputStream sent = InputStream.nullInputStream();

    void send(String text) {
      sent = bytes(text);
    }

    @Override
    public int read() throws IOException {
      var single = new byte[1];
      return read(single, 0, 1) < 0 ? -1 : single[0];
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      var count = sent.read(target, offset, length);
      if (count < 0) {
        throw new IOException("a reader waits");
      }
      return count;
    }
  }

  @Test
  void theBookmarkThatEndsTheInitialEventsIsKnownByItsAnnotation() throws IOException {
    var line =
        "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"annotations\":"
            + "{\"k8s.io/initial-events-end\":\"%s\"},\"resourceVersion\":\"7\"}}}";
    assertEquals(new WatchEvent.Bookmark<Pod>("7", true), only(line.formatted("true")));
    assertEquals(new WatchEvent.Bookmark<Pod>("7", false), only(line.formatted("false")));
  }

  @Test
  void anErrorCarriesCodeReasonCausesAndWhenToComeBack() throws IOException {
    var status =
        "{\"kind\":\"Status\",\"code\":504,\"reason\":\"Timeout\",\"message\":\"Too large\",\"details\":"
            + "{\"retryAfterSeconds\":1,\"causes\":[{\"reason\":\"ResourceVersionTooLarge\"}]}}";
    assertEquals(
        new WatchEvent.Failed<Pod>(
            new Reply.Failure(
                504,
                "Timeout",
                "Too large",
                List.of("ResourceVersionTooLarge"),
                Optional.of(Duration.ofSeconds(1)))),
        only("{\"type\":\"ERROR\",\"object\":" + status + "}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"RENAMED\",\"object\":{\"metadata\":{\"name\":\"a\"}}}",
        "{\"type\":\"ADDED\"}",
        "{\"object\":{\"metadata\":{\"name\":\"a\"}}}",
        "[1]",
        "true",
        "<html>log in first</html>",
      })
  void whatIsNoWatchEventIsAnError(String line) {
    assertThrows(IOException.class, () -> only(line));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"ADDED\",\"object\":{\"metadata\":{}}}",
        "{\"type\":\"ADDED\",\"object\":{}}",
        "{\"type\":\"ADDED\",\"object\":null}",
        "{\"type\":\"ADDED\",\"object\":{\"metadata\":[]}}",
        "{\"type\":\"DELETED\",\"object\":{\"metadata\":",
        "{\"type\":\"ADDED\",\"object\":{\"metadata\":\"",
        "{\"type\":\"ADDED\",\"object\":{\"metadata\":\"\\",
        "{\"type\":\"ADDED\",\"object\":{\"spec\":",
        "{\"type\":\"ADDED\",\"object\":]}",
        "{\"type\":\"ADDED\",\"object\":{\"a\":]}, 7 x \"}}}}",
        "{\"type\":\"ADDED\"",
        "{\"type\":\"ADDED\" 7}",
        "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{}}}",
        "{\"type\":\"BOOKMARK\",\"object\":null}",
      })
  void oneLineThatCantBeReadKeepsNoOtherFromBeingRead(String line) throws IOException {
    var good = "{\"type\":\"ADDED\",\"object\":" + POD + "}\n";
    var reader = reader(good + line + "\n" + good);
    assertInstanceOf(WatchEvent.Added.class, reader.next().orElseThrow());
    var odd = assertInstanceOf(WatchEvent.Unreadable.class, reader.next().orElseThrow());
    assertEquals(Optional.empty(), odd.object().key());
    assertInstanceOf(WatchEvent.Added.class, reader.next().orElseThrow());
    assertEquals(Optional.empty(), reader.next());
  }

  @Test
  void aCutAtAnyByteInsideALineIsAnErrorAndNeverHalfAnObject() throws IOException {
    var line = "{\"type\":\"ADDED\",\"object\":" + POD + "}";
    for (var length = 1; length < line.length(); length++) {
      var cut = reader(line.substring(0, length));
      var error = assertThrows(IOException.class, cut::next, "cut after " + length);
      assertEquals("the stream was cut in the middle of an object", error.getMessage());
    }
    assertEquals(Optional.empty(), reader("").next());
    assertEquals(Optional.empty(), reader("\n").next());
  }

  @Test
  void aLineThatNeverEndsIsRefused() {
    var start = bytes("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"labels\":{");
    var endless =
        new InputStream() {
          private static final String PAIR = "\"k\":\"v\",";
          private int at;

          @Override
          public int read() {
            return PAIR.charAt(at++ % PAIR.length());
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            for (var i = 0; i < length; i++) {
              target[offset + i] = (byte) read();
            }
            return length;
          }
        };
    var reader = new WatchReader<>(new SequenceInputStream(start, endless), Pod.class);
    var error = assertThrows(IOException.class, reader::next);
    assertTrue(text(error).contains("takes more than"), text(error));
  }

  @Test
  void whatDoesNotFitIsKnownByItsNameAndNamesTheField() throws IOException {
    var line =
        "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"generation\":\"x\",\"name\":\"a\","
            + "\"namespace\":\"n\",\"resourceVersion\":\"5\",\"uid\":\"u\"}}}";
    var event = assertInstanceOf(WatchEvent.Unreadable.class, only(line));
    assertEquals(Optional.of(new ObjectKey("n", "a")), event.object().key());
    assertEquals("u", event.object().uid());
    assertEquals("5", event.object().version());
    assertTrue(event.object().why().contains("generation"), event.toString());
    assertEquals(1, event.object().why().lines().count(), event.toString());
  }

  private static String text(Exception error) {
    return String.valueOf(error.getMessage());
  }
}
