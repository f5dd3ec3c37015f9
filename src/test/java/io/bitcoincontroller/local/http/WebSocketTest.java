package io.bitcoincontroller.local.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames as RFC 6455 has them, byte by byte. */
final class WebSocketTest {
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  private WebSocket receiving(byte[]... frames) {
    var in = new ByteArrayOutputStream();
    Arrays.stream(frames).forEach(in::writeBytes);
    return new WebSocket(new ByteArrayInputStream(in.toByteArray()), sent);
  }

  /** A frame as a client sends it, masked. */
  private static byte[] frame(int first, byte[] payload) {
    var out = new ByteArrayOutputStream();
    out.write(first);
    if (payload.length < 126) {
      out.write(0x80 | payload.length);
    } else if (payload.length < 1 << 16) {
      out.write(0x80 | 126);
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
    } else {
      out.write(0x80 | 127);
      out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    var mask = new byte[] {1, 2, 3, 4};
    out.writeBytes(mask);
    for (var i = 0; i < payload.length; i++) {
      out.write(payload[i] ^ mask[i % 4]);
    }
    return out.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private String sent() {
    return HexFormat.of().formatHex(sent.toByteArray());
  }

  @Test
  void theKeyIsAnsweredAsInTheExampleOfTheRfc() {
    assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", WebSocket.acceptance("dGhlIHNhbXBsZSBub25jZQ=="));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 65535, 65536, WebSocket.LONGEST_MESSAGE})
  void messagesOfEveryLengthArrive(int length) throws IOException {
    var payload = new byte[length];
    Arrays.fill(payload, (byte) 0xA5);
    var received = receiving(frame(0x82, payload)).receive().orElseThrow();
    assertArrayEquals(payload, received);
  }

  @Test
  void aPingBetweenTheFragmentsOfAMessageIsAnswered() throws IOException {
    var socket =
        receiving(frame(0x02, bytes("he")), frame(0x89, bytes("?")), frame(0x80, bytes("llo")));
    assertEquals("hello", new String(socket.receive().orElseThrow(), UTF_8));
    assertEquals("8a01" + "3f", sent());
  }

  @Test
  void aCloseIsAnsweredOnceAndNothingFollowsIt() throws IOException {
    var socket = receiving(frame(0x88, new byte[] {3, (byte) 0xE8}));
    assertTrue(socket.receive().isEmpty());
    socket.send(1, bytes("late"), 4);
    socket.close(WebSocket.NORMAL, "");
    assertEquals("8802" + "03e8", sent());
  }

  @Test
  void whatIsSentBeginsWithItsChannel() throws IOException {
    receiving().send(2, bytes("ab-"), 2);
    assertEquals("8203" + "026162", sent());
  }

  @ParameterizedTest
  @CsvSource({
    "8161, 1002", // no mask
    "818100000000, 1003", // text
    "c28100000000, 1002", // a bit of an extension
    "83800000000000, 1002", // an unknown kind
    "80800000000000, 1002", // a continuation of nothing
    "09800000000000, 1002", // half a ping
    "82ff000000000010000100000000, 1009", // one byte too long
    "82ffffffffffffffffff00000000, 1009" // longer than anything
  })
  void aClientThatBreaksARuleIsToldWhich(String frame, int code) {
    var socket = receiving(HexFormat.of().parseHex(frame), new byte[8]);
    assertThrows(IOException.class, socket::receive);
    assertEquals("88", sent().substring(0, 2));
    assertEquals("%04x".formatted(code), sent().substring(4, 8));
  }

  @Test
  void fragmentsTogetherMayNotBeTooLong() {
    var half = new byte[WebSocket.LONGEST_MESSAGE / 2 + 1];
    var socket = receiving(frame(0x02, half), frame(0x80, half));
    assertThrows(IOException.class, socket::receive);
  }

  @Test
  void aConnectionThatEndsWithinAFrameIsNoOrderlyEnd() {
    var whole = frame(0x82, bytes("x"));
    var socket = receiving(Arrays.copyOf(whole, whole.length - 1));
    assertThrows(EOFException.class, socket::receive);
  }
}
