package io.bitcoincontroller.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LongLinesTest {
  @Test
  void aLineOfAMegabyteIsAProblemAndNoError() {
    var spec = JsonNodeFactory.instance.objectNode().put("nodes", 1);
    spec.putArray("config").add("a.".repeat(500_000)).add("no".repeat(500_000) + "port=1");
    var problems = new ArrayList<String>();
    Spec.read(spec, problems);
    assertEquals(
        List.of(
            "spec.config[0]: at most 1000 characters are possible",
            "spec.config[1]: at most 1000 characters are possible",
            "spec.config: at most 65536 bytes are possible, and these lines have 2000007; take some"
                + " out"),
        problems);
  }
}
