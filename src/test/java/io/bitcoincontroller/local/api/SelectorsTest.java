package io.bitcoincontroller.local.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.local.api.Storage.StatusException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SelectorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          '';                            true
          app=x;                         true
          app==x;                        true
          app = x;                       true
          app=y;                         false
          app!=y;                        true
          app!=x;                        false
          absent!=x;                     true
          app;                           true
          !app;                          false
          !absent;                       true
          absent;                        false
          app in (w, x);                 true
          app in (w);                    false
          app notin (w);                 true
          absent notin (w);              true
          app.kubernetes.io/name=n,app=x; true
          app in (w,x),empty=;           true
          app=x,app=y;                   false
          """)
  void aLabelSelectorChooses(String selector, boolean chosen) throws JsonProcessingException {
    var labels =
        Json.MAPPER.readTree("{\"app\":\"x\",\"app.kubernetes.io/name\":\"n\",\"empty\":\"\"}");
    assertEquals(chosen, Selectors.labels(selector).test(labels));
  }

  @Test
  void whatCantBeReadIsABadRequest() {
    var refusal = assertThrows(StatusException.class, () -> Selectors.labels("a=b=c d"));
    assertEquals(400, refusal.code);
  }
}
