package io.bitcoincontroller.bitcoind;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Reads the body of an answer to a batch, as it comes. Judged by the body: errors come with 500,
 * 404 or 200, by version and by call.
 */
final class AnswerReader {
  /** getpeerinfo with 125 connections is about 150 kB. */
  static final int LARGEST_BODY = 4 * 1024 * 1024;

  /** A template of a full block with large signatures. */
  static final int LARGEST_TEMPLATE = 8 * 1024 * 1024;

  /** bitcoind's own are of one line, but for the help that it gives with a wrong call. */
  private static final int LONGEST_MESSAGE = 300;

  private final List<RpcRequest> requests;
  private final AnswerMemory memory;

  AnswerReader(List<RpcRequest> requests, AnswerMemory memory) {
    this.requests = requests;
    this.memory = memory;
  }

  /**
   * Reads a body to its end, the last byte included, so that the connection can be used again.
   *
   * @throws BadAnswer if no bitcoind says such a thing
   * @throws IOException if the wire failed
   */
  Answer read(int status, InputStream body) throws IOException {
    var bounded = new Bounded(body, isLarge() ? LARGEST_TEMPLATE : LARGEST_BODY);
    return switch (status) {
      case 401 -> toTheEnd(bounded, new Answer.Unauthorized());
      case 403 -> toTheEnd(bounded, new Answer.Forbidden());
      default -> judged(status, bounded);
    };
  }

  private boolean isLarge() {
    return requests.stream().anyMatch(RpcRequest::isLarge);
  }

  private static Answer toTheEnd(InputStream body, Answer answer) throws IOException {
    body.transferTo(OutputStream.nullOutputStream());
    return answer;
  }

  private Answer judged(int status, InputStream body) throws IOException {
    var share = memory.share();
    var whole = false;
    try {
      var in = new AnswerStream(body, share, isLarge());
      in.next();
      if (!in.isAt(JsonToken.START_ARRAY) && !in.isAt(JsonToken.START_OBJECT)) {
        return withoutJson(status, body);
      }
      var replies = replies(in);
      whole = true;
      return new Answer.Replies(replies, share);
    } catch (StreamConstraintsException e) {
      throw new BadAnswer("something too deep, too long or too much");
    } catch (JsonProcessingException e) {
      return withoutJson(status, body); // its message shows a piece of the body
    } finally {
      if (!whole) {
        share.giveBack();
      }
    }
  }

  /** 503 comes as HTML, and so may other words of a server in need. */
  private static Answer withoutJson(int status, InputStream body) throws IOException {
    if (status >= 500) {
      return toTheEnd(body, new Answer.Busy(status));
    }
    throw new BadAnswer("HTTP " + status + " without JSON");
  }

  /** One object where a batch was sent can only be an error of the batch as a whole. */
  private List<RpcReply> replies(AnswerStream in) throws IOException {
    var replies = new ArrayList<RpcReply>();
    if (in.isAt(JsonToken.START_OBJECT)) {
      var reply = new Member(ResultReader::done).read(in);
      if (!(reply instanceof RpcReply.Failure)) {
        throw new BadAnswer("one result for a batch");
      }
      replies.addAll(Collections.nCopies(requests.size(), reply));
    } else {
      in.elements(requests.size(), () -> replies.add(member(in, replies.size())));
      if (replies.size() < requests.size()) {
        throw new BadAnswer(replies.size() + " replies to " + requests.size() + " calls");
      }
    }
    if (in.next() != null) {
      throw new BadAnswer("something after the end");
    }
    return List.copyOf(replies);
  }

  /** bitcoind makes the calls of a batch one after the other, and answers in their order. */
  private RpcReply member(AnswerStream in, int index) throws IOException {
    var member = new Member(requests.get(index).reader());
    var reply = member.read(in);
    if (member.id != index) {
      throw new BadAnswer("a reply to another call");
    }
    return reply;
  }

  /** One reply while its fields come. */
  private static final class Member {
    private final ResultReader reader;
    private Optional<RpcResult> result = Optional.empty();
    private Optional<RpcReply> failure = Optional.empty();
    private long id = -1;

    Member(ResultReader reader) {
      this.reader = reader;
    }

    RpcReply read(AnswerStream in) throws IOException {
      in.object(name -> field(name, in));
      return failure
          .or(() -> result.map(RpcReply.Result::new))
          .orElseThrow(() -> new BadAnswer("neither result nor error"));
    }

    private void field(String name, AnswerStream in) throws IOException {
      var isNull = in.isAt(JsonToken.VALUE_NULL);
      switch (name) {
        case "id" -> id = isNull ? -1 : in.number(Integer.MAX_VALUE);
        case "result" -> result = Optional.of(isNull ? new RpcResult.Done() : reader.read(in));
        case "error" -> failure = isNull ? Optional.empty() : Optional.of(failure(in));
        default -> in.skip();
      }
    }

    private static RpcReply failure(AnswerStream in) throws IOException {
      var error =
          new Object() {
            Optional<Integer> code = Optional.empty();
            String message = "";
          };
      in.object(
          name -> {
            switch (name) {
              case "code" -> error.code = Optional.of(code(in.integer()));
              case "message" -> error.message = in.cut(LONGEST_MESSAGE);
              default -> in.skip();
            }
          });
      return new RpcReply.Failure(
          error.code.orElseThrow(() -> new BadAnswer("an error without a code")), error.message);
    }

    private static int code(long code) throws IOException {
      if (code != (int) code) {
        throw new BadAnswer("an error's code that can't be: " + code);
      }
      return (int) code;
    }
  }

  /** Ends with an exception rather than to go on for ever. */
  private static final class Bounded extends FilterInputStream {
    private final long most;
    private long left;

    Bounded(InputStream body, long most) {
      super(body);
      this.most = most;
      this.left = most;
    }

    @Override
    public int read() throws IOException {
      var read = super.read();
      count(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      var read = super.read(into, from, length);
      count(Math.max(read, 0));
      return read;
    }

    private void count(int bytes) throws IOException {
      left -= bytes;
      if (left < 0) {
        throw new BadAnswer("more than " + most + " bytes");
      }
    }
  }
}
