package io.bitcoincontroller.local.streams;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.PodStreams;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.http.Exchange;
import io.bitcoincontroller.local.http.HttpRequest;
import io.bitcoincontroller.local.http.WebSocket;
import io.bitcoincontroller.local.kubelet.Kubelet;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code kubectl exec}: a command in a pod, its input and output as channels of one WebSocket.
 *
 * <p>A message begins with the number of its channel, as Kubernetes' protocols v4.channel.k8s.io
 * and v5.channel.k8s.io have it (package remotecommand of k8s.io/apimachinery). A client that goes
 * away ends its command.
 */
public final class ExecStream implements PodStreams.PodHandler {
  /** The favourite first; v5 is v4 with a signal that a channel is closed. */
  private static final List<String> PROTOCOLS = List.of("v5.channel.k8s.io", "v4.channel.k8s.io");

  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int ERROR = 3;
  private static final int CLOSED = 255;

  private static final int PIECE = 32 * 1024;

  /** Time for the client's close frame, and for output that a child process still holds open. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final Kubelet kubelet;

  public ExecStream(Kubelet kubelet) {
    this.kubelet = kubelet;
  }

  /** What a request asks for. */
  private record Asked(
      String container,
      List<String> command,
      boolean stdin,
      boolean stdout,
      boolean stderr,
      boolean tty) {
    static Asked of(HttpRequest request) {
      return new Asked(
          request.query().getOrDefault("container", ""),
          request.queryAll("command"),
          request.flag("stdin"),
          request.flag("stdout"),
          request.flag("stderr"),
          request.flag("tty"));
    }
  }

  @Override
  public void handle(ObjectKey pod, HttpRequest request, Exchange exchange)
      throws IOException, InterruptedException {
    var asked = Asked.of(request);
    if (asked.command.isEmpty()) {
      throw badRequest("you must specify at least one command to run");
    }
    // before the protocol is judged: a client that falls back from one to the other shows only
    // what the last was told
    if (kubelet.process(pod, asked.container).isEmpty()) {
      throw badRequest("pod " + pod.name() + " does not run now");
    }
    if (!WebSocket.requested(request)) {
      var spoken = request.header("Upgrade");
      throw badRequest(
          "exec speaks WebSocket here, as kubectl does from 1.30 on; this client asked for "
              + (spoken.isEmpty() ? "a plain answer" : spoken)
              + ". Use a newer kubectl");
    }
    var offered = WebSocket.protocols(request);
    var protocol =
        PROTOCOLS.stream()
            .filter(offered::contains)
            .findFirst()
            .orElseThrow(() -> badRequest("exec speaks " + PROTOCOLS + ", not " + offered));
    new Session(WebSocket.accept(request, exchange, protocol), asked).run(pod);
  }

  private static StatusException badRequest(String why) {
    return new StatusException(400, "BadRequest", why);
  }

  private final class Session {
    private final WebSocket socket;
    private final Asked asked;
    private final LineDiscipline keys = new LineDiscipline();

    Session(WebSocket socket, Asked asked) {
      this.socket = socket;
      this.asked = asked;
    }

    void run(ObjectKey pod) throws IOException, InterruptedException {
      try (var command = kubelet.start(pod, asked.container, asked.command, asked.tty)) {
        var input = Thread.ofVirtual().name("exec input").start(() -> feed(command));
        var exitCode = runToEnd(command.process());
        end(ended(exitCode));
        input.join(LAST_WORDS);
      } catch (StatusException e) {
        end(failed(e));
      }
    }

    private int runToEnd(Process process) throws InterruptedException {
      var outputs = new ArrayList<Thread>();
      if (asked.stdout) {
        outputs.add(pump(process.getInputStream(), STDOUT));
      }
      if (asked.stderr && !asked.tty) {
        outputs.add(pump(process.getErrorStream(), STDERR));
      }
      var exitCode = process.waitFor();
      var patience = System.nanoTime() + LAST_WORDS.toNanos();
      for (var output : outputs) {
        output.join(Duration.ofNanos(Math.max(1, patience - System.nanoTime())));
      }
      return exitCode;
    }

    private Thread pump(InputStream from, int channel) {
      return Thread.ofVirtual().name("exec output").start(() -> pumpAll(from, channel));
    }

    private void pumpAll(InputStream from, int channel) {
      var piece = new byte[PIECE];
      try {
        for (var n = from.read(piece); n >= 0; n = from.read(piece)) {
          var shown = asked.tty ? LineDiscipline.shown(piece, n) : Arrays.copyOf(piece, n);
          socket.send(channel, shown, shown.length);
        }
      } catch (IOException e) {
        // the client is gone, which ends the command, or the command was ended
      }
    }

    /** Returns when the client has closed or gone; either ends a command that still runs. */
    private void feed(Kubelet.Command command) {
      var stdin = command.process().getOutputStream();
      if (!asked.stdin) {
        closeQuietly(stdin);
      }
      try (command) {
        for (var message = socket.receive(); message.isPresent(); message = socket.receive()) {
          take(message.get(), stdin, command);
        }
      } catch (IOException e) {
        // there is nobody left to tell
      }
    }

    private void take(byte[] message, OutputStream stdin, Kubelet.Command command)
        throws IOException {
      if (message.length == 0) {
        return;
      }
      var channel = message[0] & 0xFF;
      var content = Arrays.copyOfRange(message, 1, message.length);
      if (channel == STDIN && asked.stdin) {
        type(content, stdin, command);
      } else if (channel == CLOSED && content.length > 0 && content[0] == STDIN) {
        closeQuietly(stdin);
      }
      // what is left is the size of the terminal, of which there is none
    }

    private void type(byte[] content, OutputStream stdin, Kubelet.Command command)
        throws IOException {
      if (!asked.tty) {
        write(stdin, content);
        return;
      }
      var typed = keys.type(new String(content, StandardCharsets.ISO_8859_1));
      var echo = typed.echo().getBytes(StandardCharsets.ISO_8859_1);
      socket.send(STDOUT, echo, echo.length);
      write(stdin, typed.line().getBytes(StandardCharsets.ISO_8859_1));
      switch (typed.signal()) {
        case NONE -> {}
        case END -> closeQuietly(stdin);
        case INTERRUPT -> command.close();
      }
    }

    /** A program may stop reading; the client need not know. */
    private void write(OutputStream stdin, byte[] content) {
      try {
        stdin.write(content);
        stdin.flush();
      } catch (IOException e) {
        // as a shell's pipe into a program that has ended
      }
    }

    private void closeQuietly(OutputStream stdin) {
      try {
        stdin.close();
      } catch (IOException e) {
        // what was left in the buffer has no reader any more
      }
    }

    private void end(ObjectNode status) throws IOException {
      var text = status.toString().getBytes(StandardCharsets.UTF_8);
      socket.send(ERROR, text, text.length);
      socket.close(WebSocket.NORMAL, "");
    }
  }

  private static ObjectNode ended(int exitCode) {
    var status = JsonNodeFactory.instance.objectNode();
    status.putObject("metadata");
    if (exitCode == 0) {
      return status.put("status", "Success");
    }
    status
        .put("status", "Failure")
        .put("reason", "NonZeroExitCode")
        .put("message", "command terminated with non-zero exit code: " + exitCode)
        .putObject("details")
        .putArray("causes")
        .addObject()
        .put("reason", "ExitCode")
        .put("message", Integer.toString(exitCode));
    return status;
  }

  private static ObjectNode failed(StatusException e) {
    var status = JsonNodeFactory.instance.objectNode();
    status.putObject("metadata");
    return status
        .put("status", "Failure")
        .put("reason", e.reason)
        .put("message", e.getMessage())
        .put("code", e.code);
  }
}
