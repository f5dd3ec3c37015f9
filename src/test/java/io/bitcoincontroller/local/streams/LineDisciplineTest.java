package io.bitcoincontroller.local.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bitcoincontroller.local.streams.LineDiscipline.Signal;
import io.bitcoincontroller.local.streams.LineDiscipline.Typed;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class LineDisciplineTest {
  private final LineDiscipline keys = new LineDiscipline();

  @Test
  void theProgramSeesALineWhenItIsWholeAndTheUserSeesEveryKey() {
    assertEquals(new Typed("ls", "", Signal.NONE), keys.type("ls"));
    assertEquals(new Typed(" -l\r\n", "ls -l\n", Signal.NONE), keys.type(" -l\r"));
  }

  @Test
  void backspaceTakesBackOneCharacterEvenOfSeveralBytes() {
    var umlaut = new String("ä".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertEquals(
        new Typed("a" + umlaut + "\b \bb\r\n", "ab\n", Signal.NONE),
        keys.type("a" + umlaut + "\177b\r"));
    assertEquals(new Typed("\r\n", "\n", Signal.NONE), keys.type("\177\b\r"));
  }

  @Test
  void controlDEndsTheInputOnlyAtTheStartOfALine() {
    assertEquals(new Typed("x", "x", Signal.NONE), keys.type("x\4"));
    assertEquals(new Typed("", "", Signal.END), keys.type("\4"));
  }

  @Test
  void controlCEndsTheCommandAndForgetsTheLine() {
    assertEquals(new Typed("rm^C\r\n", "", Signal.INTERRUPT), keys.type("rm\3"));
    assertEquals(new Typed("\r\n", "\n", Signal.NONE), keys.type("\r"));
  }

  @Test
  void outputGetsTheCarriageReturnsThatARawTerminalNeeds() {
    var shown = LineDiscipline.shown("a\nb\n-".getBytes(StandardCharsets.UTF_8), 4);
    assertEquals("a\r\nb\r\n", new String(shown, StandardCharsets.UTF_8));
  }
}
