package io.bitcoincontroller;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Tests that share one {@link Stage} with a running controller. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class OnStage {
  Stage stage;

  @BeforeAll
  void openStage(@TempDir Path folder) throws Exception {
    stage = new Stage(folder);
    stage.startController();
  }

  @AfterAll
  void closeStage() throws IOException {
    stage.close();
  }
}
